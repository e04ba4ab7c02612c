using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Plug1.Http;

namespace Plug1.Host.Setup;

/// <summary>Serves the web application: static files, and its first page for every address that is one of its own.</summary>
internal static class WebPages
{
    private static readonly string[] NotPages = ["/api", "/health", "/openapi", "/docs"];

    /// <summary>The folder of the built web application: <c>wwwroot</c> beside the program, or <c>web/dist</c> of the checkout; null when it was not built.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Adds brotli and gzip for text.</summary>
    public static IServiceCollection AddPlug1Compression(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, ProblemDetailsExtensions.MediaType, "image/svg+xml", "text/csv", "application/manifest+json", "application/openapi+json"];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        return services;
    }

    /// <summary>Compresses everything but the session, whose answer carries the antiforgery token: its size would tell of its content (BREACH).</summary>
    public static void UsePlug1Compression(this IApplicationBuilder app) => app.UseWhen(
        context => !context.Request.Path.StartsWithSegments("/api/v1/session", StringComparison.OrdinalIgnoreCase),
        branch => branch.UseResponseCompression());

    /// <summary>Serves the files of the web application, with the same headers as all else.</summary>
    public static void UseWebPages(this IApplicationBuilder app)
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        if (Folder is null) return;
        var files = new PhysicalFileProvider(Folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = served => Keep(served.Context) });
    }

    /// <summary>Answers an address that no endpoint and no file has with the first page, when it can be one of the web application's.</summary>
    public static void UsePageFallback(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint() is not null || !IsPage(context.Request))
        {
            await next(context);
            return;
        }

        if (Folder is null)
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("The web application has not been built: run 'npm ci && npm run build' in web. The API is at /docs.", context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.SendFileAsync(Path.Combine(Folder, "index.html"), context.RequestAborted);
    });

    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !NotPages.Any(prefix => request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
        && !Path.HasExtension(request.Path.Value);

    /// <summary>A file with a hash in its name never changes; all others are asked for again.</summary>
    private static void Keep(HttpContext context) => context.Response.Headers.CacheControl =
        context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";

    private static string? Find()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (File.Exists(Path.Combine(beside, "index.html"))) return beside;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Plug1.slnx"))) continue;
            var built = Path.Combine(folder.FullName, "web", "dist");
            return File.Exists(Path.Combine(built, "index.html")) ? built : null;
        }

        return null;
    }
}
