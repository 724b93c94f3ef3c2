using System.Runtime.InteropServices;

namespace Klock.Build.Running;

/// <summary>Turns Ctrl-C, SIGTERM and SIGHUP into a cancelled token, so that running children are killed before the build ends.</summary>
internal sealed class Interrupt : IDisposable
{
    /// <summary>The exit code of an interrupted build, as shells give it for Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Starts to listen; until disposal these signals no longer end the process by themselves.</summary>
    public Interrupt() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _source.Cancel();
    }
}
