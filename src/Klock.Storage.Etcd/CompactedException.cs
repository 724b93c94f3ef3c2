namespace Klock.Storage.Etcd;

/// <summary>A revision of the cluster that was read at is compacted: whoever reads begins again, at a later one.</summary>
internal sealed class CompactedException : IOException
{
    public CompactedException()
    {
    }

    public CompactedException(string message)
        : base(message)
    {
    }

    public CompactedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
