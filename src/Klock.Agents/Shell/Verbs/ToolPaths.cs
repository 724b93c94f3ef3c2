using Klock.Agents.Changes;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Paths as tools take them that search folders by themselves, and expand patterns that the shell was kept from.</summary>
internal static class ToolPaths
{
    /// <summary>Says that what these paths name is changed in place. Of a pattern: all beneath the folder in which it begins.</summary>
    public static void Edit(Call call, IEnumerable<Argument> paths)
    {
        foreach (Argument path in paths.Where(path => path.Text is not "-"))
        {
            int pattern = path.Text?.IndexOfAny(['*', '{']) ?? -1;
            if (path.Text is "..." || path.Text?.EndsWith("/...", StringComparison.Ordinal) == true)
            {
                call.Change(ChangeKind.Edit, Argument.Of(path.Text[..^3].TrimEnd('/') is { Length: > 0 } folder ? folder : "."),
                    isTree: true);
            }
            else if (pattern >= 0 && call.Exists(path) != true)
            {
                int slash = path.Text!.LastIndexOf('/', pattern);
                call.Change(ChangeKind.Edit, Argument.Of(slash < 0 ? "." : path.Text[..(slash + 1)]), isTree: true);
            }
            else
            {
                call.EditAll([path]);
            }
        }
    }
}
