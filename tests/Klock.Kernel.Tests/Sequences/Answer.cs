namespace Klock.Kernel.Tests.Sequences;

/// <summary>What a command answered, in a form that model and kernel can be compared by.</summary>
/// <param name="Outcome">A verdict, an error code, or that it was done.</param>
/// <param name="Lease">The lease that was granted or renewed.</param>
/// <param name="Count">How many leases were in the way, or were evicted.</param>
/// <param name="PauseMs">The advised pause of a refusal.</param>
/// <param name="Listed">The conflicts that are listed, one a line, in their order.</param>
internal sealed record Answer(string Outcome, LeaseView? Lease = null, int Count = 0, long PauseMs = 0, string Listed = "")
{
    public static Answer Done { get; } = new("done");

    /// <summary>A declared manifest that nothing stands in the way of.</summary>
    public static Answer Free { get; } = new("GRANT");

    public static Answer AgentBusy { get; } = new("AGENT_BUSY");

    public static Answer UnknownLease { get; } = new("UNKNOWN_LEASE");

    public static Answer Expired { get; } = new("EXPIRED");

    public static Answer RefusedPath { get; } = new("refused path");

    public static Answer RequestIdReused { get; } = new("request id reused");

    public static Answer Granted(LeaseView lease) => new("granted", lease);

    public static Answer Counted(int count) => new("counted", Count: count);

    public static Answer Refused(string verdict, int total, long pauseMs, IEnumerable<LeaseView> listed) =>
        new(verdict, Count: total, PauseMs: pauseMs, Listed: string.Join('\n', listed));
}
