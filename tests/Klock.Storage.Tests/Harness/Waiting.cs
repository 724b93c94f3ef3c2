using System.Text;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Xunit;

namespace Klock.Storage.Tests.Harness;

/// <summary>A request that waits, and that checks for its answer only when a test says so.</summary>
internal sealed class Waiting
{
    private readonly LeaseCoordinator _coordinator;
    private readonly Operation _operation;
    private readonly Reply _reply = new();

    public Waiting(LeaseCoordinator coordinator, Operation operation, Request request)
    {
        (_coordinator, _operation) = (coordinator, operation);
        PendingWait? pending = coordinator.Begin(operation, Encoding.UTF8.GetBytes(request.ToString()), _reply);
        Assert.True(pending is not null, $"{request} does not wait: {Encoding.UTF8.GetString(_reply.Utf8)}");
        Pending = pending;
    }

    public PendingWait Pending { get; }

    /// <summary>How its caller may block since it looked the last time.</summary>
    public Pause Pause { get; private set; }

    /// <summary>The answer if it is there. Looks once, as a caller does who is woken.</summary>
    public Answer? Look()
    {
        bool isThere = _coordinator.TryFinish(Pending, _reply, out Pause pause);
        Pause = pause;
        return isThere ? Shapes.Read(_operation, _reply) : null;
    }

    /// <summary>The answer, which must be there.</summary>
    public Answer Answered() => Look() ?? throw new InvalidOperationException("the request waits on");

    /// <summary>Its caller goes away.</summary>
    public void Cancel() => _coordinator.Cancel(Pending);
}
