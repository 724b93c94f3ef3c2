namespace Klock.Kernel.Undo;

/// <summary>One change of the state, with what it takes to reverse it. What the fields mean depends on the kind.</summary>
/// <remarks>One shape for all kinds, so that a log is one array and noting a change allocates nothing.</remarks>
internal struct Change
{
    public ChangeKind Kind;

    /// <summary>What kind of answer a yes is, its kind says.</summary>
    public bool Flag;

    /// <summary>What changed.</summary>
    public object Item;

    /// <summary>Its neighbour in a list, or a value that it had.</summary>
    public object? Before;

    /// <summary>The node it stood on, or another object that is concerned.</summary>
    public object? Node;

    /// <summary>Its neighbour in the list of that node.</summary>
    public object? BeforeOnNode;

    public long Number;

    public long Other;
}
