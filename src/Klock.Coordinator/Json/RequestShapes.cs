using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>Which fields each request has. Others are ignored.</summary>
public static class RequestShapes
{
    private static readonly RequestField[] Who =
    [
        Required(Fields.AgentId, "Who asks"), Required(Fields.SessionId, "In which of its sessions: one run of the agent"),
    ];

    private static readonly RequestField[] Terms =
    [
        Required(Fields.Ttl, "How long a lease lasts after its grant or last heartbeat, in ms"),
        Optional(Fields.WaitMs, "How long to wait for the answer if it cannot be granted now, in ms"),
        Optional(Fields.Note, "Why, for those who are refused because of this lease"),
        Optional(Fields.RequestId, "Makes a repeated request answer, and renew, the lease that the first one got"),
    ];

    private static readonly RequestField[] Wanted =
    [
        Required(Fields.Predicate, "What the agent is about to do"),
        Required(Fields.ResourceType, "To what kind of thing"),
        Required(Fields.ResourcePath, "To which; a FILE path that ends in /** is a directory and all beneath it"),
    ];

    private static readonly RequestField Namespace = Optional(
        Fields.Namespace, "In which namespace the resources are, such as a repository's name; what is in different ones never meets");

    private const string AfterMeaning = "Only those that come after this one: next of the page before";

    private static readonly RequestField[] Filter =
    [
        Optional(Fields.AgentId, "Only those of this agent"), Optional(Fields.SessionId, "Only those of this session"),
        Optional(Fields.Resource, "Only those that meet this resource, TYPE:path"),
        Optional(Fields.Namespace, "Only those in this namespace; without it a resource means the one in none"),
    ];

    private static readonly RequestField Limit = Optional(
        Fields.Limit, "How many at the most, in each list; without it all, or an error that says there are too many");

    private static readonly RequestField[] OneLease = [Required(Fields.LeaseId, "Which lease")];

    /// <summary>The fields of one intent in a manifest.</summary>
    public static IReadOnlyList<RequestField> Intent { get; } =
    [
        .. Wanted,
        new RequestField(Fields.Confidence.Shape, IsRequired: false, "How sure the agent is; no verdict depends on it"),
        new RequestField(Fields.Timestamp.Shape, IsRequired: false,
            "When the intent was formed, in ms since 1970; no verdict depends on it"),
    ];

    /// <summary>The fields of a request.</summary>
    public static IReadOnlyList<RequestField> Of(Operation operation) => operation switch
    {
        Operation.RegisterAgent =>
            [Required(Fields.AgentId, "The agent's name"), Required(Fields.Priority, "Its seniority: the lower, the older")],
        Operation.Acquire => [.. Who, .. Wanted, Namespace, .. Terms],
        Operation.AcquireAll => [.. Who, .. Manifest, Namespace, .. Terms],
        Operation.DeclareIntents => [.. Who, .. Manifest, Namespace],
        Operation.ChangeLease =>
        [
            .. OneLease, Required(Fields.Predicate, "What it is to be from now on"),
            Optional(Fields.WaitMs, "How long to wait if others are in the way, in ms"),
        ],
        Operation.Heartbeat =>
            [.. OneLease, Optional(Fields.Ttl, "How long it lasts from now on, after this and each later heartbeat, in ms")],
        Operation.Release or Operation.Revoke or Operation.GetLease => OneLease,
        Operation.RenewSession or Operation.EndSession => Who,
        Operation.ListLeases or Operation.ListWaiters => [.. Filter, Limit, Optional(Fields.After, AfterMeaning)],
        Operation.ListAgents => [Limit, Optional(Fields.AfterAgent, AfterMeaning)],
        Operation.Snapshot =>
            [.. Filter, Limit, Optional(Fields.Agents, "Whether the list of agents is wanted, which may be long; all by default")],
        Operation.Events =>
        [
            Optional(Fields.After, "Only events with higher numbers"), Optional(Fields.Limit, "How many at the most; 100 by default"),
        ],
        _ => [],
    };

    private static RequestField[] Manifest => [Required(Fields.Intents, "What the agent is about to do, all of it")];

    private static RequestField Required(Field field, string meaning) => new(field.Shape, IsRequired: true, meaning);

    private static RequestField Optional(Field field, string meaning) => new(field.Shape, IsRequired: false, meaning);
}
