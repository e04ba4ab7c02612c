using Microsoft.AspNetCore.Http;
using Plug1.Http.Security;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Reporting.Files;

namespace Plug1.Http.Functions;

/// <summary>A list or a report as a file: written to a temporary file first, so that a refusal or a failure is told as such, and then sent.</summary>
internal sealed class ExportFile(FileOrder order, RequestActor who, Reading reading, ReportFiles files) : IResult
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Whether a format is known; none and <c>json</c> are no file.</summary>
    public static bool IsFormat(string? format) => format is null or "" or "json" or "csv" or "xlsx" or "pdf";

    /// <summary>Whether a format asks for a file.</summary>
    public static bool IsFile(string? format) => format is "csv" or "xlsx" or "pdf";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        await using var spool = SpoolFile.Open();
        var written = await files.Write(order, await reading.Viewer(who, ct), reading.Today(who), spool, ct: ct);
        if (written.IsRefused)
        {
            await written.Refusal.ToHttp().ExecuteAsync(httpContext);
            return;
        }

        spool.Position = 0;
        var response = httpContext.Response;
        response.ContentType = written.Value.MediaType;
        response.ContentLength = spool.Length;
        response.Headers.ContentDisposition = $"attachment; filename=\"{written.Value.Name}\"";
        await spool.CopyToAsync(response.Body, BufferBytes, ct);
    }
}

/// <summary>A table that is in memory, as a file.</summary>
/// <param name="table">The table.</param>
/// <param name="format">csv, xlsx or pdf.</param>
/// <param name="name">Name of the file, without its ending.</param>
public sealed class TableFile(ReportTable table, string format, string name) : IResult
{
    /// <summary>Whether a format is known; none and <c>json</c> are no file.</summary>
    public static bool IsFormat(string? format) => ExportFile.IsFormat(format);

    /// <summary>Whether a format asks for a file.</summary>
    public static bool IsFile(string? format) => ExportFile.IsFile(format);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = ReportFiles.MediaType(format);
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{format}\"";
        await ReportFiles.Write(table, format, response.Body, httpContext.RequestAborted);
    }
}
