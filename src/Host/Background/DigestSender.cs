using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plug1.Http;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Background;

/// <summary>Sends the digest of the last sealed block to where nobody here can change it, every hour in which something was sealed.</summary>
/// <remarks>
/// The address is <c>PLUG1_DIGEST_URL</c>; with <c>PLUG1_DIGEST_SECRET</c> the body is signed: <c>X-Plug1-Signature: sha256=</c> and
/// the HMAC-SHA-256 of the body in hexadecimal. A digest that could not be sent is sent again with the next one, which binds it too.
/// </remarks>
internal sealed class DigestSender(Database database)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private long sent;

    /// <summary>With what digests are signed, or null.</summary>
    public static string? Secret => Environment.GetEnvironmentVariable("PLUG1_DIGEST_SECRET") is { Length: > 0 } secret ? secret : null;

    /// <summary>Where digests go, or null.</summary>
    public static Uri? Address => Uri.TryCreate(Environment.GetEnvironmentVariable("PLUG1_DIGEST_URL"), UriKind.Absolute, out var address) ? address : null;

    /// <summary>The digest of the last block; null when nothing is sealed.</summary>
    public static Task<SealDigest?> Read(Database database, CancellationToken ct) => database.Read(async db =>
        await AuditSeals.Last(db, ct) is { } last ? new SealDigest(await db.First($"select name from company", row => row.Text(0), ct) ?? "", last) : null, ct);

    /// <summary>Sends a digest.</summary>
    /// <exception cref="IOException">The receiver could not be reached or did not take it.</exception>
    public static async Task Send(SealDigest digest, Uri address, string? secret, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(digest, Plug1Json.Options);
        using var client = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (secret is not null) request.Headers.Add("X-Plug1-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}");
        try
        {
            using var answer = await client.SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode) throw new IOException($"{address} answered {(int)answer.StatusCode} to the digest of block {digest.Block.Number}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new IOException($"{address} could not be reached: {failure.Message}", failure);
        }
    }

    /// <summary>Sends every hour, a minute after a failure.</summary>
    public Job EveryHour(Uri address) => new("send-digest", "Send the digest of the audit trail to its keeper", TimeSpan.FromHours(1), async ct =>
    {
        if (await Read(database, ct) is not { } digest || digest.Block.Number <= sent) return 0;
        await Send(digest, address, Secret, ct);
        sent = digest.Block.Number;
        return 1;
    }, AfterFailure: TimeSpan.FromMinutes(1));
}
