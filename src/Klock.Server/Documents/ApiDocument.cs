using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Routes;
using Microsoft.OpenApi;

namespace Klock.Server.Documents;

/// <summary>The OpenAPI document: made from the route table and the shapes that requests are parsed by, so it is up to date.</summary>
internal static class ApiDocument
{
    private const string Scheme = "key";

    // What a browser without a key, or a load balancer, may ask.
    private static readonly string[] _open = ["health", "live", "ready", "dashboard", "session", "signIn", "signOut"];

    /// <summary>The document as JSON, in UTF-8.</summary>
    public static async Task<ReadOnlyMemory<byte>> WriteAsync(CancellationToken cancel)
    {
        using var stream = new MemoryStream();
        await Make().SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1, cancel);
        return stream.ToArray();
    }

    private static OpenApiDocument Make()
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "Klock",
                Version = ProductVersion.Text,
                Description = "Leases for agents that work on the same things. Unknown fields of a request are ignored.",
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            },
            Servers = [new OpenApiServer { Url = "/" }],
            Paths = [],
            Components = new OpenApiComponents
            {
                Schemas = AnswerSchemas.Shared(),
                SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Scheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Only where the server was given keys.",
                    },
                },
            },
        };
        document.RegisterComponents();
        foreach (Route route in RouteTable.All)
        {
            Add(document, route.Pattern, route.Method, Operation(document, route));
        }

        Add(document, "/events", "GET", OtherOperations.Events(document));
        Add(document, "/mcp", "POST", OtherOperations.Mcp(document));
        Add(document, "/", "GET", OtherOperations.Plain("dashboard", "The dashboard, a page for browsers.", "text/html"));
        Add(document, "/session", "GET", SessionOperations.Show());
        Add(document, "/session", "POST", SessionOperations.SignIn(document));
        Add(document, "/session", "DELETE", SessionOperations.SignOut(document));
        Add(document, Probes.Live, "GET", OtherOperations.Plain("live", "Whether the process serves.", JsonAnswer.MediaType));
        OpenApiOperation ready = Operation(document, Probes.Ready);
        ready.OperationId = "ready";
        Add(document, Probes.Ready.Pattern, "GET", ready);
        Add(document, "/metrics", "GET", OtherOperations.Plain("metrics", "Metrics as Prometheus reads them.", "text/plain"));
        Add(document, "/openapi/v1.json", "GET", OtherOperations.Plain("document", "This document.", JsonAnswer.MediaType));
        return document;
    }

    private static void Add(OpenApiDocument document, string path, string method, OpenApiOperation operation)
    {
        bool isOpen = _open.Contains(operation.OperationId);
        operation.Security = isOpen ? [] : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] },
            []];
        if (!document.Paths.TryGetValue(path, out IOpenApiPathItem? item))
        {
            document.Paths.Add(path, item = new OpenApiPathItem());
        }

        ((OpenApiPathItem)item).AddOperation(new HttpMethod(method), operation);
    }

    private static OpenApiOperation Operation(OpenApiDocument document, Route route)
    {
        OpenApiResponses responses = new() { [$"{route.Success}"] = Json("Done.", AnswerSchemas.Of(route.Operation, document)) };
        if (route.Operation == Klock.Coordinator.Protocol.Operation.DeclareIntents)
        {
            responses["201"] = Json(
                "With ttl: all of it was granted.", AnswerSchemas.Of(Klock.Coordinator.Protocol.Operation.AcquireAll, document));
        }

        if (Statuses.CanRefuse(route))
        {
            responses["409"] = Json("Refused: nothing was granted.", AnswerSchemas.Refusal(document));
        }

        foreach ((int status, string meaning) in Statuses.ErrorsOf(route))
        {
            responses[$"{status}"] = Json(meaning, AnswerSchemas.Ref("Error", document));
        }

        return new OpenApiOperation
        {
            OperationId = IdOf(route), Summary = route.Summary, Responses = responses, Parameters = [.. Parameters(route)],
            RequestBody = Statuses.TakesBody(route) ? Body(route) : null,
        };
    }

    private static string IdOf(Route route)
    {
        string name = route.Operation.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static OpenApiRequestBody Body(Route route)
    {
        IEnumerable<RequestField> fields = RequestShapes.Of(route.Operation);
        if (route.Operation == Klock.Coordinator.Protocol.Operation.DeclareIntents)
        {
            // A manifest may have the fields of a request for all its leases; a ttl makes it one.
            IEnumerable<RequestField> more = RequestShapes.Of(Klock.Coordinator.Protocol.Operation.AcquireAll);
            fields = fields.Concat(more.ExceptBy(fields.Select(field => field.Shape.Name), field => field.Shape.Name)
                .Select(field => field with { IsRequired = false }));
        }
        else if (route.Input is Input.BodyOnLease or Input.LeaseAndBody)
        {
            fields = fields.Where(field => field.Shape.Name != "lease_id");
        }

        return new OpenApiRequestBody
        {
            Required = route.Input != Input.LeaseAndBody,
            Content = OtherOperations.Content(JsonAnswer.MediaType, Shape.Of("The request.", fields)),
        };
    }

    private static IEnumerable<IOpenApiParameter> Parameters(Route route)
    {
        foreach (RequestField field in RequestShapes.Of(route.Operation))
        {
            string? part = field.Shape.Name switch { "lease_id" => "id", "agent_id" => "agent", "session_id" => "session", _ => null };
            if (part is not null && route.Pattern.Contains($"{{{part}}}", StringComparison.Ordinal))
            {
                yield return new OpenApiParameter
                {
                    Name = part, In = ParameterLocation.Path, Required = true, Schema = Shape.Of(field), Description = field.Meaning + ".",
                };
            }
            else if (route.Input == Input.Query)
            {
                yield return OtherOperations.QueryParameter(field);
            }
        }
    }

    private static OpenApiResponse Json(string meaning, IOpenApiSchema schema) =>
        new() { Description = meaning, Content = OtherOperations.Content(JsonAnswer.MediaType, schema) };
}
