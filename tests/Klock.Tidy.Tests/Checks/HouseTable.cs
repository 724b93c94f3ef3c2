using Klock.Tidy.Tests.Code;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>
/// The table "The house" in docs/architecture.md has every folder of every project that it shows, in the order of their use: a folder uses
/// those above it.
/// </summary>
internal static class HouseTable
{
    private const string Page = "docs/architecture.md";

    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files)
    {
        Dictionary<string, int> rows = Rows(files.Single(file => file.Path == Page));
        HashSet<string> projects = [.. rows.Keys.Select(folder => folder[..folder.LastIndexOf('/')])];
        foreach (string folder in files.Where(file => file.Language == Language.CSharp).Select(file => file.Folder).Distinct())
        {
            if (projects.Contains(folder[..Math.Max(folder.LastIndexOf('/'), 0)]) && !rows.ContainsKey(folder))
            {
                yield return new Offence(Page, 0, $"the table has no {folder}");
            }
        }

        foreach (FolderUse use in FolderUses.Find(files, "src"))
        {
            if (rows.TryGetValue(use.From, out int from) && rows.TryGetValue(use.To, out int to) && to > from)
            {
                yield return new Offence(use.Path, use.Line, $"{use.From} uses {use.To} ({use.Type}), which the table has beneath it");
            }
        }
    }

    // By folder, the place of its row.
    private static Dictionary<string, int> Rows(TextFile page)
    {
        Dictionary<string, int> rows = [];
        string project = "";
        foreach ((int place, string line) in page.Lines.Index())
        {
            if (line.Split('|') is not ["", var first, var folders, _, ""])
            {
                continue;
            }

            project = first.Trim().Length > 0 ? $"src/Klock.{first.Trim()}" : project;
            foreach (string folder in folders.Split(',').Select(name => name.Trim()).Where(IsFolder))
            {
                rows[$"{project}/{folder.Trim('`')}"] = place;
            }
        }

        return rows;
    }

    private static bool IsFolder(string name) => name.Length > 2 && name[0] == '`' && name.Trim('`').All(char.IsLetter);
}
