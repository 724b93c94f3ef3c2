namespace Klock.Kernel.Resources;

/// <summary>What kind of thing a resource is (KLIS-6). Only FILE and SYMBOL paths have structure; the others are flat names.</summary>
public enum ResourceType : byte
{
    /// <summary>A file, or with <c>/**</c> a directory and all beneath it.</summary>
    File = 0,

    /// <summary>A symbol: <c>file#name</c> lies inside its file, a path without <c>#</c> is a flat name.</summary>
    Symbol = 1,

    /// <summary>An HTTP endpoint.</summary>
    ApiEndpoint = 2,

    /// <summary>A database table.</summary>
    DatabaseTable = 3,

    /// <summary>A configuration key.</summary>
    ConfigKey = 4,

    /// <summary>Anything else: a deployment, a port, a GPU.</summary>
    Custom = 5,
}
