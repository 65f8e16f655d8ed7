import CivilTime

/// CSS3 colour names, the only values COLOR has (RFC 7986 §5.9).
public enum ColorName {
    /// The name nearest to `#RRGGBB`; nil for anything else.
    public static func nearest(to text: String) -> String? {
        guard text.hasPrefix("#"), text.utf8.count == 7, let value = Int(text.dropFirst(), in: 0...0xff_ffff, radix: 16)
        else {
            return nil
        }
        return names.min { distance($0.value, value) < distance($1.value, value) }?.name
    }

    private static func distance(_ one: Int, _ other: Int) -> Int {
        [16, 8, 0].reduce(0) { sum, shift in
            let difference = (one >> shift & 0xff) - (other >> shift & 0xff)
            return sum + difference * difference  // At most 3 · 255².
        }
    }

    /// Those of CSS3 that people tell apart.
    private static let names: [(name: String, value: Int)] = [
        ("aqua", 0x00ffff), ("aquamarine", 0x7fffd4), ("black", 0x000000), ("blue", 0x0000ff),
        ("blueviolet", 0x8a2be2), ("brown", 0xa52a2a), ("burlywood", 0xdeb887), ("cadetblue", 0x5f9ea0),
        ("chartreuse", 0x7fff00), ("chocolate", 0xd2691e), ("coral", 0xff7f50), ("cornflowerblue", 0x6495ed),
        ("crimson", 0xdc143c), ("darkblue", 0x00008b), ("darkcyan", 0x008b8b), ("darkgray", 0xa9a9a9),
        ("darkgreen", 0x006400), ("darkmagenta", 0x8b008b), ("darkorange", 0xff8c00), ("darkorchid", 0x9932cc),
        ("darkred", 0x8b0000), ("darkseagreen", 0x8fbc8f), ("deeppink", 0xff1493), ("deepskyblue", 0x00bfff),
        ("dimgray", 0x696969), ("dodgerblue", 0x1e90ff), ("firebrick", 0xb22222), ("forestgreen", 0x228b22),
        ("fuchsia", 0xff00ff), ("gold", 0xffd700), ("goldenrod", 0xdaa520), ("gray", 0x808080), ("green", 0x008000),
        ("greenyellow", 0xadff2f), ("hotpink", 0xff69b4), ("indianred", 0xcd5c5c), ("indigo", 0x4b0082),
        ("khaki", 0xf0e68c), ("lavender", 0xe6e6fa), ("lightblue", 0xadd8e6), ("lightcoral", 0xf08080),
        ("lightgray", 0xd3d3d3), ("lightgreen", 0x90ee90), ("lightpink", 0xffb6c1), ("lightsalmon", 0xffa07a),
        ("lightseagreen", 0x20b2aa), ("lightskyblue", 0x87cefa), ("lime", 0x00ff00), ("limegreen", 0x32cd32),
        ("maroon", 0x800000), ("mediumaquamarine", 0x66cdaa), ("mediumorchid", 0xba55d3), ("mediumpurple", 0x9370db),
        ("mediumseagreen", 0x3cb371), ("mediumslateblue", 0x7b68ee), ("mediumturquoise", 0x48d1cc),
        ("midnightblue", 0x191970), ("navy", 0x000080), ("olive", 0x808000), ("olivedrab", 0x6b8e23),
        ("orange", 0xffa500), ("orangered", 0xff4500), ("orchid", 0xda70d6), ("palegreen", 0x98fb98),
        ("paleturquoise", 0xafeeee), ("palevioletred", 0xdb7093), ("peru", 0xcd853f), ("pink", 0xffc0cb),
        ("plum", 0xdda0dd), ("powderblue", 0xb0e0e6), ("purple", 0x800080), ("red", 0xff0000),
        ("rosybrown", 0xbc8f8f), ("royalblue", 0x4169e1), ("saddlebrown", 0x8b4513), ("salmon", 0xfa8072),
        ("sandybrown", 0xf4a460), ("seagreen", 0x2e8b57), ("sienna", 0xa0522d), ("silver", 0xc0c0c0),
        ("skyblue", 0x87ceeb), ("slateblue", 0x6a5acd), ("slategray", 0x708090), ("springgreen", 0x00ff7f),
        ("steelblue", 0x4682b4), ("tan", 0xd2b48c), ("teal", 0x008080), ("thistle", 0xd8bfd8), ("tomato", 0xff6347),
        ("turquoise", 0x40e0d0), ("violet", 0xee82ee), ("wheat", 0xf5deb3), ("white", 0xffffff),
        ("yellow", 0xffff00), ("yellowgreen", 0x9acd32),
    ]
}
