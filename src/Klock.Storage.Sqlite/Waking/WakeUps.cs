using System.Runtime.Versioning;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;

namespace Klock.Storage.Sqlite.Waking;

/// <summary>
/// Which other processes a transaction has to wake, and how this one is woken. Under the store's lock, but for <see cref="Own"/>'s use.
/// </summary>
/// <param name="ownerId">The id under which this process waits.</param>
internal sealed class WakeUps(LeaseId ownerId) : IDisposable
{
    private readonly HashSet<LeaseId> _noted = [];
    private WakeUpSocket? _socket;

    /// <summary>What the timekeeper of this process sleeps in; null where nobody can wake it.</summary>
    public IWakeUps? Own => OperatingSystem.IsLinux() && Socket() is { } socket && socket.TryListen() ? socket : null;

    /// <summary>A wait of another process has ended.</summary>
    public void Note(LeaseId other) => _noted.Add(other);

    /// <summary>Nobody is to be woken for what happened until now.</summary>
    public void Forget() => _noted.Clear();

    /// <summary>Wakes whom the transaction, which is committed, concerns.</summary>
    public void Send()
    {
        if (_noted.Count > 0 && OperatingSystem.IsLinux() && Socket() is { } socket)
        {
            foreach (LeaseId other in _noted)
            {
                socket.Wake(other);
            }
        }

        _noted.Clear();
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _socket?.Dispose();
        }
    }

    [SupportedOSPlatform("linux")]
    private WakeUpSocket? Socket() => _socket ??= WakeUpSocket.TryMake(ownerId);
}
