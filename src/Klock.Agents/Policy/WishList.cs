using Klock.Agents.Changes;
using Klock.Agents.Content;
using Klock.Agents.Leases;
using Klock.Client.Files;
using Klock.Client.Places;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Agents.Policy;

/// <summary>The leases that changes need.</summary>
internal static class WishList
{
    /// <summary>More files than that are not leased one by one: the whole work tree is.</summary>
    public const int MostFiles = 100;

    /// <summary>git's index and HEAD, in leases: of all work trees of a repository the same.</summary>
    public static WantedResource Index { get; } = new(ResourceType.Custom.ToName(), "git:index", Predicate.Mutates.ToName());

    /// <summary>The leases for an edit tool's changes, or a command's.</summary>
    /// <param name="hook">For whom.</param>
    /// <param name="files">The files that are changed.</param>
    /// <param name="trees">Folders around which the whole work tree is changed.</param>
    /// <param name="indexes">Folders in whose repository git's index or HEAD is changed.</param>
    /// <param name="folder">Where the tool runs.</param>
    public static IReadOnlyList<Wish> Of(
        Hook hook, IReadOnlyList<FileChange> files, IEnumerable<string> trees, IEnumerable<string> indexes, string folder)
    {
        bool isMany = files.Count > MostFiles;
        List<Wish> wishes = [];
        foreach (string top in (isMany ? trees.Append(folder) : trees).Select(tree => TopOf(hook, tree)).Distinct(StringComparer.Ordinal))
        {
            Target tree = hook.Places.Find(top, hook.Happened, isTree: true);
            var wanted = new WantedResource(ResourceType.File.ToName(), tree.Name, Predicate.Mutates.ToName());
            wishes.Add(new Wish(tree.Place, wanted, top, $"the whole work tree {top}", Before: null));
        }

        // What is elsewhere is in no such tree.
        string? around = isMany ? TopOf(hook, folder) : null;
        foreach (FileChange change in isMany ? files.Where(file => !IsIn(file.Path, folder, around!)) : files)
        {
            wishes.AddRange(OfFile(hook, change));
        }

        foreach (string top in indexes.Select(index => TopOf(hook, index)).Distinct(StringComparer.Ordinal))
        {
            wishes.Add(new Wish(hook.Places.Of(top), Index, top, "git's index", Before: null));
        }

        return [.. wishes.DistinctBy(wish => (wish.Place, wish.Wanted.Resource))];
    }

    private static IEnumerable<Wish> OfFile(Hook hook, FileChange change)
    {
        Target target = hook.Places.Find(change.Path, hook.Happened, change.IsTree);
        string? now = change.IsTree ? null : ContentHash.Of(target.Path);
        Predicate predicate = change.Kind switch
        {
            ChangeKind.Delete => Predicate.Deletes,
            ChangeKind.Rename => Predicate.Renames,
            _ when now == ContentHash.Missing => Predicate.Provides,
            _ => Predicate.Mutates,
        };
        yield return OfFile(target, predicate, now, change.Kind is ChangeKind.Overwrite or ChangeKind.Create);
        if (change.NewPath is { } path)
        {
            Target renamed = hook.Places.Find(path, hook.Happened, change.IsTree);
            string? there = change.IsTree ? null : ContentHash.Of(renamed.Path);
            yield return OfFile(
                renamed, there is null or ContentHash.Missing ? Predicate.Provides : Predicate.Mutates, there, isWhole: true);
        }
    }

    private static Wish OfFile(Target target, Predicate predicate, string? before, bool isWhole) => new(
        target.Place, new WantedResource(ResourceType.File.ToName(), target.Name, predicate.ToName()), target.Path, target.Shown, before,
        isWhole);

    private static string TopOf(Hook hook, string folder) => Locator.Here(folder, hook.Environment).Root ?? folder;

    private static bool IsIn(string path, string folder, string top) =>
        PathInFolder.IsIn(top, Path.GetFullPath(Path.Combine(folder, path)));
}
