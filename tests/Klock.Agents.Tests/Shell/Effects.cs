using Klock.Agents.Changes;
using Klock.Agents.Shell;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Tests.Shell;

/// <summary>
/// Effects in one line, so that a table of commands can be read: <c>~a</c> edited, <c>=a</c> overwritten, <c>+a</c> made, <c>-a</c>
/// removed,
/// <c>a>b</c> renamed, a slash at the end for all that lies beneath; <c>TREE</c>, <c>INDEX</c>; <c>?</c> for something unknown.
/// </summary>
internal static class Effects
{
    /// <summary>The folder in which commands begin; what is beneath it is shown relative to it.</summary>
    public const string Start = "/repo";

    public static string Of(string command, IFileView? files = null) =>
        Line(ShellReader.Read(command, new ShellContext(Start, Home: "/home-of-me", Top: "/repo", files)));

    public static string Line(ShellEffects effects) => string.Join(' ', effects.Files.Select(One)
        .Concat(effects.Trees.Select(folder => "TREE" + In(folder)))
        .Concat(effects.Indexes.Select(folder => "INDEX" + In(folder)))
        .Concat(effects.Unknown.Count > 0 ? ["?"] : []));

    private static string One(FileChange change) => (change.Kind switch
    {
        ChangeKind.Edit => "~" + Short(change.Path),
        ChangeKind.Overwrite => "=" + Short(change.Path),
        ChangeKind.Create => "+" + Short(change.Path),
        ChangeKind.Delete => "-" + Short(change.Path),
        _ => $"{Short(change.Path)}>{Short(change.NewPath!)}",
    }) + (change.IsTree ? "/" : "");

    private static string In(string folder) => folder == Start ? "" : $"({Short(folder)})";

    private static string Short(string path) =>
        path == Start ? "." : path.StartsWith(Start + "/", StringComparison.Ordinal) ? path[(Start.Length + 1)..] : path;
}
