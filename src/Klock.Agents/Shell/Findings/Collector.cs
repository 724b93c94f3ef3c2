using Klock.Agents.Changes;

namespace Klock.Agents.Shell.Findings;

/// <summary>Gathers the effects of a command while it is read. For one thread.</summary>
internal sealed class Collector
{
    /// <summary>The most changes, and the most reasons, that are kept; that there were more is a reason itself.</summary>
    public const int Max = 1_000;

    private readonly OrderedDictionary<FileChange, bool> _files = [];
    private readonly OrderedDictionary<string, bool> _trees = [];
    private readonly OrderedDictionary<string, bool> _indexes = [];
    private readonly OrderedDictionary<string, bool> _reads = [];
    private readonly OrderedDictionary<string, bool> _unknown = [];

    // Files whose content is another one from some point of the command on.
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    /// <summary>All of it.</summary>
    public ShellEffects Done() => new([.. _files.Keys], [.. _trees.Keys], [.. _indexes.Keys], [.. _reads.Keys], [.. _unknown.Keys]);

    /// <summary>Adds a change of a file by its absolute path. A device is no file.</summary>
    public void Add(FileChange change)
    {
        if (IsDevice(change.NewPath ?? change.Path))
        {
            return;
        }

        if (change.Path.Length > LexicalPath.MaxLength || change.NewPath?.Length > LexicalPath.MaxLength)
        {
            Unknown($"a path is longer than {LexicalPath.MaxLength} characters");
        }
        else if (change.Path.Contains('\0', StringComparison.Ordinal) || change.NewPath?.Contains('\0', StringComparison.Ordinal) == true)
        {
            Unknown("a path has a NUL in it");
        }
        else if (_files.Count == Max)
        {
            Unknown($"more than {Max} files are changed");
        }
        else
        {
            _files.TryAdd(change, true);
            if (change.NewPath is not null || change.Kind is ChangeKind.Overwrite)
            {
                _replaced.Add(change.NewPath ?? change.Path);
            }
        }
    }

    /// <summary>The work tree around this folder is changed.</summary>
    public void Tree(string folder) => Put(_trees, folder, "work trees");

    /// <summary>The index or HEAD of the repository around this folder is changed.</summary>
    public void Index(string folder) => Put(_indexes, folder, "repositories");

    /// <summary>
    /// The text of a file is shown, by its absolute path. After the command itself has replaced it, that shows nothing of what was there
    /// before, and does not count. Of very many, some are left out: nothing is protected by them.
    /// </summary>
    public void Read(string path)
    {
        bool isPath = path.Length <= LexicalPath.MaxLength && !path.Contains('\0', StringComparison.Ordinal);
        if (isPath && _reads.Count < Max && !_replaced.Contains(path))
        {
            _reads.TryAdd(path, true);
        }
    }

    /// <summary>There may be more, for this reason.</summary>
    public void Unknown(string reason)
    {
        if (_unknown.Count < Max)
        {
            _unknown.TryAdd(reason, true);
        }
    }

    private void Put(OrderedDictionary<string, bool> set, string folder, string what)
    {
        if (set.Count < Max)
        {
            set.TryAdd(folder, true);
        }
        else
        {
            Unknown($"more than {Max} {what} are changed");
        }
    }

    // What is in /dev is a device, but for the folder of shared memory.
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
