using System.Text;
using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Keys;
using Klock.Server.Security;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Dashboard;

/// <summary>Answers <c>/session</c>: who has signed in with this browser, signing in with a key, signing out.</summary>
internal sealed class SessionHandler(KeyCheck keys)
{
    private static readonly string _allowed = $"a string of 1 to {KeyRing.LongestKeyBytes} bytes, as the body {{\"key\":\"…\"}}";

    /// <summary>Answers who has signed in.</summary>
    public Task ShowAsync(HttpContext context) => SessionAnswer.WriteAsync(context, !keys.NeedsNone, AccessGuard.RightsOf(context));

    /// <summary>Signs in: the browser keeps the key in its cookie.</summary>
    public async Task SignInAsync(HttpContext context)
    {
        if (PageRule.ForeignProblem(context.Request) is { } foreign)
        {
            await ErrorAnswer.WriteAsync(context, ErrorCode.Forbidden, foreign);
            return;
        }

        if (!JsonBody.IsJson(context.Request.ContentType))
        {
            await JsonBody.RefuseAsync(context);
            return;
        }

        if (keys.NeedsNone)
        {
            await ShowAsync(context);
            return;
        }

        var exchange = new Exchange();
        await exchange.ReadBodyAsync(context);
        if (KeyIn(exchange.Request.WrittenMemory) is not { } key)
        {
            await ErrorAnswer.WriteAsync(context, ErrorCode.InvalidRequest, $"key is missing, or no key: it must be {_allowed}.");
            return;
        }

        if (keys.Find(context, key, out TimeSpan? wait) is not { } rights)
        {
            await KeyCheck.RefuseAsync(context, wait, "key is none that is known here: it must be a key of this server.");
            return;
        }

        PageCookie.Set(context, key);
        await SessionAnswer.WriteAsync(context, needsKey: true, rights);
    }

    /// <summary>Signs out: the browser forgets the cookie.</summary>
    public Task SignOutAsync(HttpContext context)
    {
        if (PageRule.ForeignProblem(context.Request) is { } foreign)
        {
            return ErrorAnswer.WriteAsync(context, ErrorCode.Forbidden, foreign);
        }

        PageCookie.Clear(context);
        return SessionAnswer.WriteAsync(context, !keys.NeedsNone, rights: null);
    }

    private static byte[]? KeyIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("key", out JsonElement value) && value.ValueKind == JsonValueKind.String
                && value.GetString()!.Trim() is { Length: > 0 } key && Encoding.UTF8.GetByteCount(key) <= KeyRing.LongestKeyBytes
                ? Encoding.UTF8.GetBytes(key)
                : null;
        }
        catch (Exception notText) when (notText is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
