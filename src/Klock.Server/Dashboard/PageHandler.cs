using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Klock.Server.Dashboard;

/// <summary>Answers <c>GET /</c> and <c>GET /assets/{name}</c>. In the page there is no data, so it needs no key.</summary>
internal sealed class PageHandler(PageFiles files)
{
    private const string Revalidate = "no-cache";

    // The name of an asset has a hash of its content.
    private const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>Answers with the page.</summary>
    public Task WriteIndexAsync(HttpContext context) =>
        files.Find(PageFiles.Index) is { } page ? WriteAsync(context, page, Revalidate)
        : ErrorAnswer.WriteAsync(
            context, StatusCodes.Status404NotFound, ErrorCode.InvalidRequest,
            "This program was built without the dashboard: ./build.sh makes one that has it. All other routes are there.");

    /// <summary>Answers with a file that the page refers to.</summary>
    public Task WriteAssetAsync(HttpContext context) =>
        files.Find("assets/" + RawPath.Part(context, "name")) is { } asset ? WriteAsync(context, asset, ForEver)
        : ErrorAnswer.WriteAsync(
            context, StatusCodes.Status404NotFound, ErrorCode.InvalidRequest,
            "The dashboard has no file of this name: was the page loaded from another version of the server? Load it again.");

    private static async Task WriteAsync(HttpContext context, PageFile file, string caching)
    {
        ContentCoding coding = ContentCodings.For(context.Request);
        string tag = file.TagIn(coding);
        HttpResponse response = context.Response;
        PageHeaders.Set(response);
        response.Headers.CacheControl = caching;
        response.Headers.Vary = StringValues.Concat(response.Headers.Vary, "Accept-Encoding");
        response.Headers.ETag = tag;
        if (Has(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        byte[] bytes = file.In(coding);
        response.ContentType = file.MediaType;
        response.ContentLength = bytes.Length;
        if (coding != ContentCoding.Identity)
        {
            response.Headers.ContentEncoding = coding.ToName();
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        }
    }

    // Compared weakly, as RFC 9110, section 13.1.2 says: a proxy that compresses marks the tag as weak.
    private static bool Has(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? held)
        && held.Any(one => one.Tag == "*" || one.Tag == tag);
}
