using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Plug1.Host.Background;
using Plug1.Http;
using Plug1.Kernel.Audit.Seals;
using Shouldly;
using Xunit;

namespace Plug1.Host.Tests;

/// <summary>Digests that are sent to where nobody here can change them.</summary>
public sealed class DigestTests
{
    private static readonly SealDigest Digest = new("Corner shop", SealBlock.Make(7, new DateTimeOffset(2025, 1, 15, 9, 0, 0, TimeSpan.Zero), 3, 2, SealBlock.Nothing, SealBlock.Nothing));

    [Fact]
    public async Task A_digest_is_sent_as_it_is_and_signed_with_the_secret()
    {
        using var receiver = new Receiver(HttpStatusCode.NoContent);
        var received = receiver.Next();
        await DigestSender.Send(Digest, receiver.Address, "secret", default);

        var (body, signature) = await received;
        JsonSerializer.Deserialize<SealDigest>(body, Plug1Json.Options).ShouldBe(Digest);
        signature.ShouldBe($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("secret"u8, body))}");
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        using var receiver = new Receiver(HttpStatusCode.OK);
        var received = receiver.Next();
        await DigestSender.Send(Digest, receiver.Address, null, default);

        (await received).Signature.ShouldBeNull();
    }

    [Fact]
    public async Task A_receiver_that_does_not_take_it_or_is_not_there_is_told()
    {
        Uri address;
        using (var receiver = new Receiver(HttpStatusCode.BadGateway))
        {
            address = receiver.Address;
            var received = receiver.Next();
            (await Should.ThrowAsync<IOException>(() => DigestSender.Send(Digest, address, null, default))).Message.ShouldContain("answered 502 to the digest of block 7");
            await received;
        }

        (await Should.ThrowAsync<IOException>(() => DigestSender.Send(Digest, address, null, default))).Message.ShouldContain("could not be reached");
    }

    /// <summary>Takes one request on a port of its own.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly HttpStatusCode status;

        public Receiver(HttpStatusCode status)
        {
            this.status = status;
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/digests/");
            probe.Stop();
            listener.Prefixes.Add(Address.ToString());
            listener.Start();
        }

        public Uri Address { get; }

        public async Task<(byte[] Body, string? Signature)> Next()
        {
            var context = await listener.GetContextAsync();
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.StatusCode = (int)status;
            context.Response.Close();
            return (body.ToArray(), context.Request.Headers["X-Plug1-Signature"]);
        }

        public void Dispose() => listener.Close();
    }
}
