using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// klock-bare-route GRANTED RELEASED: reads what it is sent, and answers POST /leases and DELETE /leases/ID with these two texts.
byte[] granted = Encoding.UTF8.GetBytes(args[0]), released = Encoding.UTF8.GetBytes(args[1]);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://127.0.0.1:0");
await using WebApplication app = builder.Build();
app.MapPost("/leases", context => AnswerAsync(context, StatusCodes.Status201Created, granted));
app.MapDelete("/leases/{id}", context => AnswerAsync(context, StatusCodes.Status200OK, released));
await app.StartAsync();
Console.WriteLine("listening on " + app.Urls.Single());
await app.WaitForShutdownAsync();

static async Task AnswerAsync(HttpContext context, int status, byte[] body)
{
    PipeReader request = context.Request.BodyReader;
    for (ReadResult read = default; !read.IsCompleted;)
    {
        read = await request.ReadAsync();
        request.AdvanceTo(read.Buffer.End);
    }

    context.Response.StatusCode = status;
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = body.Length;
    await context.Response.BodyWriter.WriteAsync(body);
}
