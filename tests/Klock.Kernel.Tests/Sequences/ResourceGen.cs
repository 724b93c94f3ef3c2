using CsCheck;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>Resources near each other, in many spellings, so that random requests meet.</summary>
internal static class ResourceGen
{
    private static readonly Gen<string> _spelledPath = Gen.Select(
        Gen.OneOf("", "", "/", "./", "C:/", "C:\\", " "),
        Gen.OneOf("a", "a", "b", ".", "..", "").Array[1, 4],
        Gen.OneOf("/", "/", "//", "/./"),
        Gen.OneOf("", "", "", "/", "/**", "**", "/*", " "),
        (root, names, separator, end) => root + string.Join(separator, names) + end);

    private static readonly Gen<string> _file = Gen.Frequency<string>(
        (6, Gen.OneOf("a", "a/b", "a/b/c", "b", "./a//b", "a/x/../b", " a ", "a/", "a/**", "a/b/**", "**", ".", "a#f")),
        (2, Gen.OneOf("/a", "/a/b", "/a/**", "/**", "/", "C:/a", "C:\\a\\b", "C:/**", "c:/a")),
        (2, _spelledPath));

    private static readonly Gen<string> _symbol = Gen.Frequency<string>(
        (4, Gen.OneOf("a#f", "a#g", "a/b#f", "./a/b#f", "a/b#g", "a/b/c#f", "a/b#f#g", "/a/b#f", "C:\\a#f", "a/b/#f")),
        (1, Gen.OneOf("f", "a", "a/b", "a#f/b", "#f", "a#", "a/**#f")),
        (1, Gen.Select(_spelledPath, Gen.OneOf("f", "g"), (path, name) => $"{path}#{name}")));

    private static readonly Gen<string> _flat = Gen.OneOf("a", "a/b", "a/**", "**", "a#f", "GET /a");

    /// <summary>A type, perhaps with a namespace, and a path.</summary>
    public static Gen<(string Type, string Path)> Resource { get; } = Gen.Select(
        Gen.Frequency((8, ""), (2, " in shop"), (1, " in .")),
        Gen.Frequency<(string Type, string Path)>(
            (12, _file.Select(path => ("FILE", path))),
            (5, _symbol.Select(path => ("SYMBOL", path))),
            (1, Gen.Select(Gen.OneOf("API_ENDPOINT", "DATABASE_TABLE", "CONFIG_KEY", "CUSTOM"), _flat))),
        (name, resource) => (resource.Type + name, resource.Path));
}
