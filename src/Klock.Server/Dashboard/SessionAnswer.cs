using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Keys;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Dashboard;

/// <summary>What the page is told of who looks at it. Never a key.</summary>
internal static class SessionAnswer
{
    /// <summary>Answers with 200, whoever asks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="needsKey">Whether this server has keys.</param>
    /// <param name="rights">What who looks at it may do; null when nobody has signed in.</param>
    public static Task WriteAsync(HttpContext context, bool needsKey, KeyRights? rights)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteStartObject("data");
            json.WriteBoolean("needs_key", needsKey);
            json.WriteBoolean("signed_in", rights is not null || !needsKey);
            json.WriteString("access", AccessName(needsKey, rights));
            WriteNamespaces(json, rights?.Scope.Names);
            json.WriteString("version", ProductVersion.Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        PageHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, buffer.WrittenMemory).AsTask();
    }

    private static string? AccessName(bool needsKey, KeyRights? rights) =>
        rights is { Access: Access.ReadOnly } ? "read-only"
        : rights is not null || !needsKey ? "full"
        : null;

    private static void WriteNamespaces(Utf8JsonWriter json, IReadOnlyList<string>? names)
    {
        json.WritePropertyName("namespaces");
        if (names is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
