namespace Klock.Coordinator.Stores.Replicated;

/// <summary>How much is decided at once: all commands, or as much of them, and of what is due before them, as fits into a batch.</summary>
internal sealed class Portion
{
    // So many ends fit into one batch.
    private const int MostEnds = 2_048;

    // And so many events of grants to those who wait, two for each lease or fewer, with paths as long as they may be.
    private const int MostFreed = 256;

    private static readonly IStoreCommand[] _someOfWhatIsDue = [new DoSomeOfWhatIsDue(MostEnds)];

    private readonly IReadOnlyList<IStoreCommand> _all;
    private bool _isNothingDue;

    /// <param name="commands">All that are to be decided.</param>
    public Portion(IReadOnlyList<IStoreCommand> commands) => Commands = _all = commands;

    /// <summary>What is decided next.</summary>
    public IReadOnlyList<IStoreCommand> Commands { get; private set; }

    /// <summary>How many events a command may make by granting those whom it frees; the rest are left to the next.</summary>
    public int FreesAtMost { get; private set; } = MostFreed;

    /// <summary>Whether it is only some of what is due before the commands.</summary>
    public bool IsWhatIsDue => Commands == _someOfWhatIsDue;

    /// <summary>Some of what is due, and nothing else.</summary>
    public static Portion OfWhatIsDue() => new([.. _someOfWhatIsDue]);

    /// <summary>It does not fit.</summary>
    /// <param name="mayBeDue">Whether anything may be due before the commands.</param>
    /// <returns>Whether there is less.</returns>
    public bool TryLess(bool mayBeDue)
    {
        if (mayBeDue && !_isNothingDue && !IsWhatIsDue)
        {
            Commands = _someOfWhatIsDue;
            return true;
        }

        if (Commands.Count > 1)
        {
            Commands = [.. Commands.Take(Commands.Count / 2)];
            return true;
        }

        if (FreesAtMost == 1)
        {
            return false;
        }

        FreesAtMost /= 2;
        return true;
    }

    /// <summary>Nothing was due.</summary>
    public void NothingIsDue() => (Commands, _isNothingDue) = (_all, true);

    /// <summary>Some of what is due is done, and then the commands come, unless there is more.</summary>
    public void IsDone(bool isMore) =>
        (Commands, FreesAtMost, _isNothingDue) = (isMore ? _someOfWhatIsDue : _all, MostFreed, false);

    /// <summary>The state has changed.</summary>
    public void StateChanged() => _isNothingDue = false;
}
