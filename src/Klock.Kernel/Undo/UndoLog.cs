namespace Klock.Kernel.Undo;

/// <summary>The changes since a point in time, so that they can be reversed, the last one first.</summary>
/// <remarks>
/// Reversing in that order makes each step simple: when a change is reversed, all is as it was right after it. So a list needs to be
/// told no more than the neighbour of what comes back, and what was added stands at the end.
/// </remarks>
internal sealed class UndoLog
{
    private Change[] _changes = new Change[64];
    private int _count;

    /// <summary>Whether changes are noted.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Notes changes from now on.</summary>
    public void Begin() => IsOn = true;

    /// <summary>Notes one; the fields that its kind needs are the caller's to fill, others may have old values.</summary>
    public ref Change Note(ChangeKind kind, object item)
    {
        if (_count == _changes.Length)
        {
            Array.Resize(ref _changes, 2 * _count);
        }

        ref Change change = ref _changes[_count++];
        change.Kind = kind;
        change.Item = item;
        return ref change;
    }

    /// <summary>Notes changes no longer, and forgets those that it has: nothing is kept alive by them.</summary>
    public void Keep()
    {
        IsOn = false;
        _changes.AsSpan(0, _count).Clear();
        _count = 0;
    }

    /// <summary>Notes changes no longer, and takes the last one out.</summary>
    public bool TryTakeLast(out Change change)
    {
        IsOn = false;
        if (_count == 0)
        {
            change = default;
            return false;
        }

        change = _changes[--_count];
        _changes[_count] = default;
        return true;
    }
}
