using Klock.Coordinator.Stores.Replicated;

namespace Klock.Machines.Bench;

/// <summary>A real engine, as processes of its own.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>How long an answer may take: longer than for a server, since a machine that measures may be busy.</summary>
    static TimeSpan AnswersWithin { get; } = TimeSpan.FromSeconds(15);

    /// <summary>What it is, in a few words.</summary>
    string Name { get; }

    /// <summary>Where all its data is.</summary>
    string Folder { get; }

    /// <summary>What a server is told of a journal (<c>--storage</c>).</summary>
    /// <param name="journal">Which one: one that has nothing in it when the name is new.</param>
    /// <param name="server">Which server, from 0: each asks another member first, if there are several.</param>
    string Storage(string journal, int server);

    /// <summary>A server's way to a journal, within this process.</summary>
    IJournal Connect(string journal, int server);

    /// <summary>Appends as a journal does, without one.</summary>
    Task<IBareAppends> OpenBareAsync();
}

/// <summary>The engine's own appends: guarded by the head, one at a time.</summary>
internal interface IBareAppends : IDisposable
{
    Task AppendAsync(JournalBatch batch);
}
