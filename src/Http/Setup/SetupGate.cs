using System.Net;
using Microsoft.AspNetCore.Http;
using Plug1.Kernel;
using Plug1.Kernel.Security;
using Plug1.Kernel.Setup;

namespace Plug1.Http.Setup;

/// <summary>Who may set up an empty database: whoever sits at the server, or whoever has read the code that it printed.</summary>
/// <remarks>
/// A request comes from the server itself when its address is loopback, it names the server by a loopback name and no proxy has passed it on.
/// A page of another site could send such a request from a browser on the server; so what a browser says of the page's origin must fit too.
/// </remarks>
public sealed class SetupGate
{
    /// <summary>The header of the code.</summary>
    public const string Header = "X-Setup-Code";

    private const string Signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>The code: <c>PLUG1_SETUP_CODE</c>, so that several nodes share it, else twelve signs made up at each start (60 bits).</summary>
    public string Code { get; } = Environment.GetEnvironmentVariable("PLUG1_SETUP_CODE") is { Length: >= 8 } given ? given : Made();

    /// <summary>Whether a request needs the code.</summary>
    public static bool AsksForCode(HttpContext http) =>
        http.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from) || !IsLoopbackName(http.Request.Host.Host)
        || http.Request.Headers.ContainsKey("X-Forwarded-For") || http.Request.Headers.ContainsKey("Forwarded");

    /// <summary>Why a request may not set up, or null.</summary>
    public Refusal? Refuses(HttpContext http)
    {
        var (origin, site) = (http.Request.Headers.Origin.ToString(), http.Request.Headers["Sec-Fetch-Site"].ToString());
        if (site is not ("" or "same-origin" or "none")) return FirstRunRefusals.ForeignPage;
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)))
            return FirstRunRefusals.ForeignPage;
        return AsksForCode(http) && !Secrets.Same(Plain(http.Request.Headers[Header].ToString()), Plain(Code)) ? FirstRunRefusals.CodeRequired : null;
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string Plain(string code) => code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();

    private static string Made()
    {
        var signs = System.Security.Cryptography.RandomNumberGenerator.GetItems<char>(Signs, 12);
        return string.Join('-', signs.Chunk(4).Select(part => new string(part)));
    }
}
