namespace Klock.Storage.Tests.Harness;

/// <summary>A real engine, as processes of its own, whose journals several stores share.</summary>
public interface ISharedEngine : IDisposable
{
    /// <summary>The address of a journal that has nothing in it yet.</summary>
    string NewAddress();

    /// <summary>Ends all its processes at once, and starts it again on the same data.</summary>
    void KillAndRestart();

    /// <summary>Keeps a copy of all its data, as a backup does. It is stopped meanwhile.</summary>
    void TakeBackup();

    /// <summary>Ends it, and starts it on the data of the copy.</summary>
    void RestoreBackup();

    /// <summary>Sends a signal to all its processes.</summary>
    void Signal(string name);
}
