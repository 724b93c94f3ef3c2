namespace Klock.Storage.Sqlite.Holders;

/// <summary>Whose end ends the leases that are asked for through a store object: nobody's, or a process's.</summary>
/// <remarks>
/// A host binds its own leases to itself. A server, or a command that ends before its lease does, acts for others and binds them to
/// nothing, or to the process that it acts for.
/// </remarks>
public readonly record struct LeaseBinding
{
    /// <summary>Leases last until they are released or expire.</summary>
    public static LeaseBinding None => default;

    /// <summary>The process; 0 for none.</summary>
    internal int Process { get; private init; }

    /// <summary>A process group that they last as long as, too, should the process end before it; 0 for none.</summary>
    internal int Group { get; private init; }

    /// <summary>Leases end with this process.</summary>
    /// <param name="group">A process group that they last as long as, too, should this process end before it; 0 for none.</param>
    public static LeaseBinding ToThisProcess(int group = 0) => new() { Process = Environment.ProcessId, Group = group };

    /// <summary>Leases end with another process on this machine. Where it is not visible from here, they are bound to nothing.</summary>
    public static LeaseBinding ToProcess(int process) => new() { Process = process };
}
