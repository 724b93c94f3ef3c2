using Klock.Storage.Sqlite.Database;

namespace Klock.Agents.Memory;

/// <summary>Who last changed a file.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Resource">The file's name in leases.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Hash">Its content afterwards.</param>
/// <param name="AtMs">When, in ms since 1970.</param>
internal sealed record Writer(string Agent, string Resource, string Path, string Hash, long AtMs);

/// <summary>What each agent last knew of a file's content, and who changed it last.</summary>
internal sealed partial class AgentMemory
{
    /// <summary>How many files are remembered of each agent; beyond it the oldest are forgotten.</summary>
    public const int MaxContents = 5_000;

    // One in so many additions looks whether there are too many: to count them costs as much as there are.
    private const int LookEvery = 256;

    /// <summary>The hash of what the agent last read or wrote of a file; null when it did neither.</summary>
    public string? FindContent(string agent, string resource)
    {
        Statement row = _file.Statement("SELECT hash FROM contents WHERE agent = ? AND resource = ?").Bind(agent).Bind(resource);
        if (!row.Step())
        {
            return null;
        }

        string hash = row.Text(0);
        row.Reset();
        return hash;
    }

    /// <summary>Remembers what an agent knows of a file.</summary>
    public void SetContent(string agent, string resource, string hash, long atMs)
    {
        _file.Statement("INSERT OR REPLACE INTO contents (agent, resource, hash, at) VALUES (?, ?, ?, ?)")
            .Bind(agent).Bind(resource).Bind(hash).Bind(atMs).Run();
        if (atMs % LookEvery == 0)
        {
            _file.Statement(
                "DELETE FROM contents WHERE agent = ?1 AND resource IN"
                + " (SELECT resource FROM contents WHERE agent = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2)")
                .Bind(agent).Bind(MaxContents).Run();
        }
    }

    /// <summary>Who last changed a file by a hooked tool; null when nobody did lately.</summary>
    public Writer? FindWriter(string resource) => ReadWriters(
        _file.Statement("SELECT agent, resource, path, hash, at FROM writers WHERE resource = ?").Bind(resource)).FirstOrDefault();

    /// <summary>Remembers who changed a file.</summary>
    public void SetWriter(Writer writer) =>
        _file.Statement("INSERT OR REPLACE INTO writers (agent, resource, path, hash, at) VALUES (?, ?, ?, ?, ?)")
            .Bind(writer.Agent).Bind(writer.Resource).Bind(writer.Path).Bind(writer.Hash).Bind(writer.AtMs).Run();

    /// <summary>The files that other agents changed last, the latest first.</summary>
    public IReadOnlyList<Writer> WritersOtherThan(string agent, long sinceMs, int most) => ReadWriters(
        _file.Statement("SELECT agent, resource, path, hash, at FROM writers WHERE at >= ? AND agent <> ? ORDER BY at DESC LIMIT ?")
            .Bind(sinceMs).Bind(agent).Bind(most));

    private static List<Writer> ReadWriters(Statement row)
    {
        List<Writer> writers = [];
        while (row.Step())
        {
            writers.Add(new Writer(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Long(4)));
        }

        return writers;
    }
}
