using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Server.Events;
using Klock.Server.Http;
using Microsoft.OpenApi;

namespace Klock.Server.Documents;

/// <summary>The document's part on routes that no operation answers.</summary>
internal static class OtherOperations
{
    /// <summary>The stream of events.</summary>
    public static OpenApiOperation Events(OpenApiDocument document)
    {
        OpenApiMediaType stream = new() { Schema = Shape.Text("Server-sent events: each has the number as id and an Event as data.") };
        return new OpenApiOperation
        {
            OperationId = "events",
            Summary = "Follow events as they happen; for who accepts application/json, list those that happened, by after and limit alone.",
            Parameters =
            [
                .. RequestShapes.Of(Operation.Events).Select(QueryParameter),
                .. RequestShapes.Of(Operation.ListLeases).Select(QueryParameter),
                new OpenApiParameter
                {
                    Name = "kind",
                    In = ParameterLocation.Query,
                    Schema = Shape.Text("Only these kinds, separated by commas. Without it a stream has all but RENEWED and KEPT_ALIVE."),
                },
                new OpenApiParameter
                {
                    Name = "Last-Event-ID", In = ParameterLocation.Header, Schema =
                        Shape.Number("Resumes a stream: events after this number."),
                },
            ],
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse
                {
                    Description = "The events. A stream begins with what happens next unless a number to start after is given.",
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [EventsHandler.StreamType] = stream,
                        [JsonAnswer.MediaType] = new OpenApiMediaType { Schema = AnswerSchemas.Of(Operation.Events, document) },
                    },
                },
                ["400"] = Error(document, "INVALID_REQUEST: a number or a filter is wrong."),
                ["401"] = Error(document, "UNAUTHORIZED: the server has keys, and the request has none of them."),
                ["403"] = Error(document, "FORBIDDEN: without keys the Host or Origin is foreign."),
                ["429"] = Error(document, Statuses.TooManyKeys),
                ["503"] = Error(document, "STORAGE_UNAVAILABLE: the store fails, or too many streams are open. CLOSED: the server stops."),
            },
        };
    }

    /// <summary>MCP, which has documents of its own.</summary>
    public static OpenApiOperation Mcp(OpenApiDocument document) => new()
    {
        OperationId = "mcp",
        Summary = "The Model Context Protocol (Streamable HTTP): tools with which agents claim files ahead. GET and DELETE belong to it.",
        RequestBody = new OpenApiRequestBody
        {
            Required = true, Content = Content(JsonAnswer.MediaType, new OpenApiSchema { Description = "A message of JSON-RPC 2.0." }),
        },
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = "The answer, as server-sent events with messages of JSON-RPC 2.0.",
                Content = Content(EventsHandler.StreamType, new OpenApiSchema()),
            },
            ["202"] = new OpenApiResponse { Description = "A notification was taken." },
            ["401"] = Error(document, "UNAUTHORIZED: the server has keys, and the request has none of them."),
            ["403"] = Error(document, "FORBIDDEN: without keys the Host or Origin is foreign."),
            ["413"] = Error(document, "PAYLOAD_TOO_LARGE: the request is larger than 1,048,576 bytes."),
            ["429"] = Error(document, Statuses.TooManyKeys),
        },
    };

    /// <summary>A resource that is served as it is.</summary>
    public static OpenApiOperation Plain(string id, string summary, string mediaType) => new()
    {
        OperationId = id,
        Summary = summary,
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = summary, Content = Content(mediaType, new OpenApiSchema()) },
        },
    };

    /// <summary>A field that the query has.</summary>
    public static OpenApiParameter QueryParameter(RequestField field)
    {
        // In a query a field is there or not; it is never null.
        OpenApiSchema schema = Shape.Of(field with { IsRequired = true });
        return new OpenApiParameter { Name = field.Shape.Name, In = ParameterLocation.Query, Schema = schema, Description =
            schema.Description };
    }

    /// <summary>A body of one type.</summary>
    public static Dictionary<string, OpenApiMediaType> Content(string mediaType, IOpenApiSchema schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = schema } };

    /// <summary>An error.</summary>
    public static OpenApiResponse Error(OpenApiDocument document, string meaning) =>
        new() { Description = meaning, Content = Content(JsonAnswer.MediaType, AnswerSchemas.Ref("Error", document)) };
}
