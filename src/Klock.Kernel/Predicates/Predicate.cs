namespace Klock.Kernel.Predicates;

/// <summary>What an agent means to do with a resource (KLIS-1). The values are the protocol's indexes.</summary>
public enum Predicate : byte
{
    /// <summary>Creates something new.</summary>
    Provides = 0,

    /// <summary>Reads what is there, beside others who read.</summary>
    Consumes = 1,

    /// <summary>Changes in place.</summary>
    Mutates = 2,

    /// <summary>Deletes what is there.</summary>
    Deletes = 3,

    /// <summary>Needs it to exist.</summary>
    DependsOn = 4,

    /// <summary>Gives what is there another name.</summary>
    Renames = 5,
}
