using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Cli.Running;

/// <summary>The signals that ask this process to end: they cancel what it waits for, or are forwarded to its child.</summary>
internal sealed class Signals : IDisposable
{
    // By their numbers on Linux, as the child gets them: HUP, INT, QUIT, USR1, USR2, TERM. Elsewhere .NET has four of them.
    private static readonly int[] _numbers = OperatingSystem.IsLinux() ? [1, 2, 3, 10, 12, 15] : [1, 2, 3, 15];

    private readonly List<PosixSignalRegistration> _registrations = [];

    // Never disposed: a second signal may still use it while the program ends.
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _lock = new();
    private Action<int>? _receiver;

    /// <summary>Handles the signals from now on, if it is asked to.</summary>
    public Signals(bool listens)
    {
        foreach (int number in listens ? _numbers : [])
        {
            // nohup, and a shell for background jobs, start a process with a signal ignored: then it is ignored by us and our child too.
            if (!NativeCalls.IsIgnored(number))
            {
                _registrations.Add(PosixSignalRegistration.Create(SignalOf(number), context => Receive(context, number)));
            }
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>The number of the first signal; null when there was none.</summary>
    public int? First { get; private set; }

    /// <summary>Signals are forwarded to this from now on, SIGTSTP too. False, and nothing changes, when one has arrived already.</summary>
    [SupportedOSPlatform("linux")]
    public bool TrySendTo(Child receiver)
    {
        lock (_lock)
        {
            if (First is not null)
            {
                return false;
            }

            _receiver = receiver.Kill;
        }

        StopWith(receiver.Stop);
        return true;
    }

    /// <summary>SIGTSTP (Ctrl-Z) calls this instead from now on.</summary>
    public void StopWith(Action stop)
    {
        if (OperatingSystem.IsLinux() && !NativeCalls.IsIgnored(NativeCalls.SigTerminalStop))
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)NativeCalls.SigTerminalStop, context =>
            {
                context.Cancel = true;
                stop();
            }));
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private static PosixSignal SignalOf(int number) => OperatingSystem.IsLinux() ? (PosixSignal)number : number switch
    {
        1 => PosixSignal.SIGHUP,
        2 => PosixSignal.SIGINT,
        3 => PosixSignal.SIGQUIT,
        _ => PosixSignal.SIGTERM,
    };

    private void Receive(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        Action<int>? receiver;
        lock (_lock)
        {
            receiver = _receiver;
            First = receiver is null ? First ?? number : First;
        }

        if (receiver is not null)
        {
            receiver(number);
        }
        else
        {
            _cancel.Cancel();
        }
    }
}
