namespace Klock.Coordinator.Stores.Replicated;

/// <summary>A journal did not answer: what it was asked to do may have happened.</summary>
internal sealed class NoAnswerException : IOException
{
    public NoAnswerException()
    {
    }

    public NoAnswerException(string message)
        : base(message)
    {
    }

    public NoAnswerException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
