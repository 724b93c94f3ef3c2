namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>The time that no clock shows, in µs since the start of a run.</summary>
internal sealed class Real
{
    public long NowUs { get; set; }

    public long NowMs => NowUs / 1_000;
}
