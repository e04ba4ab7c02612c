using Microsoft.AspNetCore.Http;

namespace Plug1.Http;

/// <summary>Tells browsers what a page of ours may do: load from here, be framed by nobody.</summary>
public sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    // Inline styles: the component library sets sizes and colours in style attributes. Blobs: downloads and previews made in the page.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        + "worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Runs the rest.</summary>
    public Task Invoke(HttpContext context)
    {
        // At the last moment, since an answer that failed is cleared and begun again.
        context.Response.OnStarting(() => Set(context));
        return next(context);
    }

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
