using Klock.Storage.Sqlite.Database;

namespace Klock.Agents.Memory;

/// <summary>A copy of a file, made before a shell command that may overwrite it.</summary>
/// <param name="Resource">The file's name in leases.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Hash">Its content then.</param>
/// <param name="Blob">The git blob with the copy; null where there is no repository to keep it in.</param>
/// <param name="Victim">The agent that holds the file or last changed it.</param>
internal sealed record Rescue(string Resource, string Path, string Hash, string? Blob, string Victim);

/// <summary>Notices that agents get at their next event, copies of files that shell commands may overwrite, and counts.</summary>
internal sealed partial class AgentMemory
{
    // More than a model reads at once helps nobody.
    private const int MaxNotices = 8;

    /// <summary>Adds a notice for an agent, unless the same one stands. Of too many the oldest goes.</summary>
    public void AddNotice(string agent, string text, long atMs)
    {
        _file.Statement(
            "INSERT INTO notices (agent, text, at) SELECT ?1, ?2, ?3"
            + " WHERE NOT EXISTS (SELECT 1 FROM notices WHERE agent = ?1 AND text = ?2)")
            .Bind(agent).Bind(text).Bind(atMs).Run();
        _file.Statement(
            "DELETE FROM notices WHERE agent = ?1 AND number NOT IN"
            + " (SELECT number FROM notices WHERE agent = ?1 ORDER BY number DESC LIMIT ?2)")
            .Bind(agent).Bind(MaxNotices).Run();
    }

    /// <summary>Takes a notice back.</summary>
    public void RemoveNotice(string agent, string text) =>
        _file.Statement("DELETE FROM notices WHERE agent = ? AND text = ?").Bind(agent).Bind(text).Run();

    /// <summary>Takes out the notices of an agent, the oldest first.</summary>
    public IReadOnlyList<string> TakeNotices(string agent)
    {
        List<string> texts = [];
        Statement row = _file.Statement("SELECT text FROM notices WHERE agent = ? ORDER BY number").Bind(agent);
        while (row.Step())
        {
            texts.Add(row.Text(0));
        }

        if (texts.Count > 0)
        {
            _file.Statement("DELETE FROM notices WHERE agent = ?").Bind(agent).Run();
        }

        return texts;
    }

    /// <summary>Remembers a copy that was made before a call.</summary>
    public void AddRescue(string agent, string call, Rescue rescue, long atMs) =>
        _file.Statement(
            "INSERT OR REPLACE INTO rescues (agent, call, resource, path, hash, blob, victim, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(agent).Bind(call).Bind(rescue.Resource).Bind(rescue.Path).Bind(rescue.Hash).Bind(rescue.Blob).Bind(rescue.Victim)
            .Bind(atMs).Run();

    /// <summary>The calls of an agent before which copies were made, and that are not looked at since.</summary>
    public IReadOnlyList<string> RescueCalls(string agent)
    {
        List<string> calls = [];
        Statement row = _file.Statement("SELECT DISTINCT call FROM rescues WHERE agent = ?").Bind(agent);
        while (row.Step())
        {
            calls.Add(row.Text(0));
        }

        return calls;
    }

    /// <summary>Takes out the copies that were made before a call.</summary>
    public IReadOnlyList<Rescue> TakeRescues(string agent, string call)
    {
        List<Rescue> rescues = [];
        Statement row = _file.Statement("SELECT resource, path, hash, blob, victim FROM rescues WHERE agent = ? AND call = ?")
            .Bind(agent).Bind(call);
        while (row.Step())
        {
            rescues.Add(new Rescue(row.Text(0), row.Text(1), row.Text(2), row.OptionalText(3), row.Text(4)));
        }

        if (rescues.Count > 0)
        {
            _file.Statement("DELETE FROM rescues WHERE agent = ? AND call = ?").Bind(agent).Bind(call).Run();
        }

        return rescues;
    }

    /// <summary>Counts something that <c>klock doctor</c> shows.</summary>
    public void Count(string name, long atMs) =>
        _file.Statement(
            "INSERT INTO counts (name, count, at) VALUES (?, 1, ?)"
            + " ON CONFLICT (name) DO UPDATE SET count = count + 1, at = excluded.at")
            .Bind(name).Bind(atMs).Run();

    /// <summary>What was counted: name, how often, when last in ms since 1970.</summary>
    public IReadOnlyList<(string Name, long Count, long AtMs)> Counts()
    {
        List<(string, long, long)> counts = [];
        Statement row = _file.Statement("SELECT name, count, at FROM counts ORDER BY name");
        while (row.Step())
        {
            counts.Add((row.Text(0), row.Long(1), row.Long(2)));
        }

        return counts;
    }
}
