using System.Buffers.Text;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>The cookie in which a browser keeps the key that somebody signed in with. No script can read it.</summary>
internal static class PageCookie
{
    /// <summary>Its name.</summary>
    public const string Name = "klock_key";

    private const string ForwardedScheme = "X-Forwarded-Proto";

    /// <summary>The key in the cookie of a request; null when there is none.</summary>
    public static byte[]? KeyIn(HttpRequest request)
    {
        if (request.Cookies[Name] is not { Length: > 0 } value)
        {
            return null;
        }

        try
        {
            return Base64Url.DecodeFromChars(value);
        }
        catch (FormatException)
        {
            // Of another program on this host: cookies know no ports.
            return null;
        }
    }

    /// <summary>Has the browser keep a key until it is closed.</summary>
    public static void Set(HttpContext context, ReadOnlySpan<byte> key) =>
        context.Response.Cookies.Append(Name, Base64Url.EncodeToString(key), Options(context));

    /// <summary>Has the browser forget it.</summary>
    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    // Whoever makes up the header marks his own cookie alone, so it needs no trust.
    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // None: browsers then take the folder of /session, which is that of the page, also where a proxy has other programs beside it.
        Path = null,
        Secure = context.Request.IsHttps
            || context.Request.Headers[ForwardedScheme].ToString().Split(',')[0].Trim().Equals("https", StringComparison.OrdinalIgnoreCase),
    };
}
