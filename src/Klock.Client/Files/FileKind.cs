namespace Klock.Client.Files;

/// <summary>What is at a path.</summary>
public enum FileKind
{
    /// <summary>A pipe, a device, or whatever else there is.</summary>
    Other,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A socket.</summary>
    Socket,
}
