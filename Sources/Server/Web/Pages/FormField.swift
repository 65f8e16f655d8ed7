/// One field of a form: its label, what was typed, and what is wrong with it.
struct FormField: Sendable {
    let name, label, type: String
    let hint: String?
    let autocomplete: String
    let accept: String?
    let isRequired: Bool
    /// Never a password: those are typed again.
    private(set) var value: String?
    private(set) var error: String?
    /// The ids of hint and error, for `aria-describedby`.
    private(set) var describedBy: String?

    init(
        _ name: String, _ label: String, type: String = "text", hint: String? = nil, autocomplete: String = "off",
        accept: String? = nil, isRequired: Bool = true
    ) {
        (self.name, self.label, self.type, self.hint) = (name, label, type, hint)
        (self.autocomplete, self.accept, self.isRequired) = (autocomplete, accept, isRequired)
        describedBy = hint == nil ? nil : "\(name)-hint"
    }

    /// This field with what was typed into it and what is wrong.
    func filled(_ form: FormValues, error: String?) -> FormField {
        var field = self
        field.value = type == "password" || type == "file" ? nil : form[name]
        field.error = error
        let ids = [error == nil ? nil : "\(name)-error", hint == nil ? nil : "\(name)-hint"].compactMap { $0 }
        field.describedBy = ids.isEmpty ? nil : ids.joined(separator: " ")
        return field
    }

    /// What is wrong with what was typed before anybody is asked.
    func problem(in form: FormValues) -> String? {
        let text = type == "password" ? form.exact(name) ?? "" : form[name] ?? ""
        if isRequired && text.isEmpty && type != "file" { return "\(label): please fill this in." }
        if text.utf8.count > 2000 { return "\(label): at most 2000 characters." }
        return nil
    }

    static let template = """
        {{#.fields}}
        <div class="field{{#.error}} has-error{{/.error}}">
        <label for="{{.name}}">{{.label}}{{^.isRequired}} <span class="sub">optional</span>{{/.isRequired}}</label>
        {{#.error}}<p class="error" id="{{name}}-error">{{.}}</p>{{/.error}}
        <input id="{{.name}}" name="{{.name}}" type="{{.type}}" autocomplete="{{.autocomplete}}"\
        {{#.value}} value="{{.}}"{{/.value}}{{#.accept}} accept="{{.}}"{{/.accept}}\
        {{#.describedBy}} aria-describedby="{{.}}"{{/.describedBy}}{{#.error}} aria-invalid="true"{{/.error}}\
        {{#.isRequired}} required{{/.isRequired}} autocapitalize="none" spellcheck="false">
        {{#.hint}}<p class="hint" id="{{name}}-hint">{{.}}</p>{{/.hint}}
        </div>
        {{/.fields}}
        """
}
