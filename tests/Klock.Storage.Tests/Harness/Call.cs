using System.Text;
using System.Text.RegularExpressions;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;

namespace Klock.Storage.Tests.Harness;

/// <summary>One request whose answer may be there at once or later.</summary>
internal sealed class Call
{
    private static readonly Regex Token = new(",\"fencing_token\":[0-9]+", RegexOptions.NonBacktracking);
    private static readonly Regex LeaseId = new(
        "\"lease_id\":\"(?<id>[0-9a-f]{32})\",\"agent_id\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private readonly Operation _operation;
    private readonly string _request;
    private readonly Reply _reply = new();
    private readonly PendingWait? _pending;

    public Call(LeaseCoordinator coordinator, Operation operation, string request)
    {
        (Coordinator, _operation, _request) = (coordinator, operation, request);
        _pending = coordinator.Begin(operation, Encoding.UTF8.GetBytes(request), _reply);
        if (_pending is null)
        {
            TakeAnswer();
        }
    }

    public LeaseCoordinator Coordinator { get; }

    /// <summary>The answer without its tokens; null while it is not there.</summary>
    public string? Answer { get; private set; }

    public void Look()
    {
        if (Answer is null && Coordinator.TryFinish(_pending!, _reply, out _))
        {
            TakeAnswer();
        }
    }

    /// <summary>The ids of the leases that the answer grants.</summary>
    public IEnumerable<string> Granted() => LeaseId.Matches(Answer ?? "").Select(match => match.Groups["id"].Value);

    public override string ToString() => $"{_operation} {_request}";

    private void TakeAnswer()
    {
        Answer = Token.Replace(Shapes.Read(_operation, _reply).Text, "");
    }
}
