namespace Klock.Agents.Changes;

/// <summary>How a file is changed, as far as it matters to those who know an older content of it.</summary>
internal enum ChangeKind
{
    /// <summary>A part of it, found by its text or its place; the rest stays as it is on the disk: a replacement, an append.</summary>
    Edit,

    /// <summary>All of it, whatever stands there now.</summary>
    Overwrite,

    /// <summary>It is made. Where it exists already, its content is not looked at.</summary>
    Create,

    /// <summary>It is gone afterwards.</summary>
    Delete,

    /// <summary>It has another name afterwards; a file that has this name already is overwritten.</summary>
    Rename,
}
