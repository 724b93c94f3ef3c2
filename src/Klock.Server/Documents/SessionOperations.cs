using Klock.Server.Http;
using Klock.Server.Keys;
using Microsoft.OpenApi;

namespace Klock.Server.Documents;

/// <summary>The document's part on signing in with a browser.</summary>
internal static class SessionOperations
{
    /// <summary>Who has signed in.</summary>
    public static OpenApiOperation Show() => new()
    {
        OperationId = "session",
        Summary = "Who has signed in with this browser, and what they may do. Never needs a key, never shows one.",
        Responses = new OpenApiResponses { ["200"] = Answer() },
    };

    /// <summary>Signing in.</summary>
    public static OpenApiOperation SignIn(OpenApiDocument document) => new()
    {
        OperationId = "signIn",
        Summary = "Sign in: a cookie that no script can read keeps the key until the browser is closed. For the server's own page alone.",
        RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = OtherOperations.Content(JsonAnswer.MediaType, Shape.Object(
                "The request.",
                ("key", new OpenApiSchema
                {
                    Type = JsonSchemaType.String, MinLength = 1, MaxLength = KeyRing.LongestKeyBytes, Description = "A key of this server.",
                }))),
        },
        Responses = new OpenApiResponses
        {
            ["200"] = Answer(),
            ["400"] = OtherOperations.Error(document, "INVALID_REQUEST: there is no key in the body."),
            ["401"] = OtherOperations.Error(document, "UNAUTHORIZED: the key is none of this server's."),
            ["403"] = Foreign(document),
            ["413"] = OtherOperations.Error(document, "PAYLOAD_TOO_LARGE: the request is larger than 1,048,576 bytes."),
            ["415"] = OtherOperations.Error(document, "INVALID_REQUEST: the body is not application/json."),
            ["429"] = OtherOperations.Error(document, Statuses.TooManyKeys),
        },
    };

    /// <summary>Signing out.</summary>
    public static OpenApiOperation SignOut(OpenApiDocument document) => new()
    {
        OperationId = "signOut",
        Summary = "Sign out: the browser forgets the key.",
        Responses = new OpenApiResponses { ["200"] = Answer(), ["403"] = Foreign(document) },
    };

    private static OpenApiResponse Foreign(OpenApiDocument document) =>
        OtherOperations.Error(document, "FORBIDDEN: the Host is foreign, or another web page asks.");

    private static OpenApiResponse Answer() => new()
    {
        Description = "Who has signed in.",
        Content = OtherOperations.Content(JsonAnswer.MediaType, Shape.Data(Shape.Object(
            "Who has signed in.",
            ("needs_key", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether this server has keys." }),
            ("signed_in", new OpenApiSchema
            {
                Type = JsonSchemaType.Boolean, Description = "Whether this request has a key that is known here, or none is needed.",
            }),
            ("access", Shape.TextOrNull("What it may do: full, or read-only. Null when nobody has signed in.")),
            ("namespaces", new OpenApiSchema
            {
                Type = JsonSchemaType.Array | JsonSchemaType.Null, Items = Shape.Text("One."),
                Description = "The namespaces that the key is confined to; null when it is confined to none.",
            }),
            ("version", Shape.Text("Which Klock this is."))))),
    };
}
