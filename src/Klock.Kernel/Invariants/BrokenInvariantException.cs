namespace Klock.Kernel.Invariants;

/// <summary>
/// The state is not what it must always be: a defect of the kernel, or memory that ran out during a change. Whoever owns the table
/// must not use it again.
/// </summary>
public sealed class BrokenInvariantException : Exception
{
    /// <summary>An exception without a cause of its own.</summary>
    public BrokenInvariantException()
        : this("The kernel's state is broken.")
    {
    }

    /// <summary>An exception for what was found.</summary>
    public BrokenInvariantException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with what caused it.</summary>
    public BrokenInvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
