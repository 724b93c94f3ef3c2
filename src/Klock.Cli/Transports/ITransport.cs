using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>A way to a coordinator: in this process, on a store, or in a server.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>Whether it leads to a server, which may restart.</summary>
    bool IsServer { get; }

    /// <summary>How many servers share the time for an answer: each has to be asked before it is over.</summary>
    int Servers => 1;

    /// <summary>The clock of its leases.</summary>
    LeaseClock Clock { get; }

    /// <summary>The namespace that it adds to requests; null for none.</summary>
    string? Namespace => null;

    /// <summary>Sends a request, and waits for the answer as long as the request says.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">Its JSON.</param>
    /// <param name="cancel">Gives up: a waiting request leaves nothing behind.</param>
    /// <exception cref="CliFailure">No answer.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default);
}
