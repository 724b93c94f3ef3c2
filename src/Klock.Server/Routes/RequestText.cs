using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Klock.Server.Routes;

/// <summary>Makes the coordinator's request out of an HTTP request.</summary>
internal static class RequestText
{
    /// <summary>Writes the request of a route.</summary>
    /// <exception cref="KlockException">The query has a field twice.</exception>
    public static async ValueTask WriteAsync(HttpContext context, Route route, Exchange exchange)
    {
        switch (route.Input)
        {
            case Input.Body:
                await exchange.ReadBodyAsync(context);
                break;
            case Input.BodyOnLease:
                await exchange.ReadBodyAsync(context);
                AddLease(exchange.Request, RawPath.Part(context, "id"));
                break;
            case Input.LeaseAndBody when HasBody(context):
                await exchange.ReadBodyAsync(context);
                AddLease(exchange.Request, RawPath.Part(context, "id"));
                break;
            case Input.Lease or Input.LeaseAndBody:
                Write(exchange.Request, ("lease_id", RawPath.Part(context, "id")));
                break;
            case Input.Session:
                Write(exchange.Request, ("agent_id", RawPath.Part(context, "agent")), ("session_id", RawPath.Part(context, "session")));
                break;
            case Input.Query:
                Query.Write(context.Request, route.Operation, exchange.Request);
                break;
            default:
                Write(exchange.Request);
                break;
        }
    }

    /// <summary>Whether a manifest asks for leases: it has a ttl that is not null. Of a field that is given twice the last one counts.
    /// </summary>
    public static bool HasTtl(ReadOnlySpan<byte> manifest)
    {
        var json = new Utf8JsonReader(manifest);
        bool hasTtl = false;
        try
        {
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isTtl = json.ValueTextEquals("ttl"u8);
                json.Read();
                hasTtl = isTtl ? json.TokenType != JsonTokenType.Null : hasTtl;
                json.Skip();
            }
        }
        catch (Exception notText) when (notText is JsonException or InvalidOperationException)
        {
            // The coordinator, which parses all of it, says what is wrong.
        }

        return hasTtl;
    }

    /// <summary>Whether a request has a body that is not empty.</summary>
    public static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>Adds the lease of the path to a body, last: of a field that is given twice the last one counts.</summary>
    /// <remarks>A body that is no JSON object does not become one: whatever is wrong before the closing brace is still there.</remarks>
    private static void AddLease(ArrayBufferWriter<byte> body, string leaseId)
    {
        ReadOnlySpan<byte> text = body.WrittenSpan.TrimEnd(" \t\r\n"u8);
        if (!text.EndsWith("}"u8))
        {
            return;
        }

        byte[] before = text[..^1].TrimEnd(" \t\r\n"u8).ToArray();
        var field = new ArrayBufferWriter<byte>();
        Write(field, ("lease_id", leaseId));
        body.ResetWrittenCount();
        body.Write(before);
        if (!before.AsSpan().EndsWith("{"u8))
        {
            body.Write(","u8);
        }

        body.Write(field.WrittenSpan[1..]);
    }

    private static void Write(ArrayBufferWriter<byte> request, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        using var json = new Utf8JsonWriter(request);
        json.WriteStartObject();
        foreach ((string name, string? value) in fields)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
    }
}
