namespace Klock.Client.Holding;

/// <summary>The answer to a renewal, a check or a release.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Sentence">Why; empty when it was done.</param>
public readonly record struct LeaseAnswer(LeaseAnswerKind Kind, string Sentence)
{
    /// <summary>The answer of a success, which needs no sentence.</summary>
    public static LeaseAnswer Done => new(LeaseAnswerKind.Done, "");
}
