using Klock.Kernel;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Commands;

/// <summary>One command to the kernel: plain data, so that a run can be replayed, also with some of its commands left out.</summary>
internal abstract class Command(long atMs)
{
    /// <summary>The time that the kernel gets.</summary>
    public long AtMs { get; } = atMs;

    /// <summary>What it was answered, for the trace.</summary>
    public string Answer { get; protected set; } = "";

    /// <summary>Gives the command to the kernel and keeps the answer.</summary>
    public abstract void Send(LeaseTable table);

    /// <summary>Holds the answer against the book, which stands as it did when the command was judged.</summary>
    /// <returns>What the command must cause by itself.</returns>
    public abstract List<Own> Check(Book book, Rule rule);

    public override string ToString() => $"at {AtMs}: {GetType().Name} {Describe()} -> {Answer}";

    protected abstract string Describe();
}
