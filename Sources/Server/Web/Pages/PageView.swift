/// A page: a view value and the template that shows it. Templates see the value as the current object and name its
/// parts with a leading dot, so that a missing part is never taken from further out.
protocol PageView: Sendable {
    static var template: String { get }
    /// What the browser shows as the title, before the site's name.
    var title: String { get }
}
