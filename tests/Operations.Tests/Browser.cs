using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plug1.Operations.Tests;

/// <summary>An answer, with its body read.</summary>
internal sealed record Answered(int Status, string? Type, string Text, HttpResponseMessage Message)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The problem's code; null when the answer is no problem.</summary>
    public string? Code => Type == "application/problem+json" ? Json["code"]?.GetValue<string>() : null;

    public IReadOnlyList<string> Pointers => Type == "application/problem+json" && Json["errors"] is JsonArray errors ? [.. errors.Select(error => error!["pointer"]!.GetValue<string>())] : [];

    /// <summary>A text member of the body.</summary>
    public string this[string member] => Json[member]!.ToString();
}

/// <summary>A browser with its cookies and the antiforgery token of its session.</summary>
internal sealed class Browser(Uri address) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = address };

    public string? Csrf { get; set; }

    public async Task<Answered> SignIn(string userName, string password)
    {
        var answer = await Send("POST", "/api/v1/session", new JsonObject { ["userName"] = userName, ["password"] = password }.ToJsonString());
        if (answer.Status == 200) Csrf = answer["csrfToken"];
        return answer;
    }

    public Task<Answered> Get(string path) => Send("GET", path);

    public Task<Answered> Post(string path, object? body = null, params (string Name, string Value)[] headers) =>
        Send("POST", path, body is null ? null : JsonSerializer.Serialize(body, JsonSerializerOptions.Web), headers: headers);

    /// <summary>Sends a request as it stands.</summary>
    public async Task<Answered> Send(string method, string path, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        if (Csrf is not null) request.Headers.Add("X-Csrf-Token", Csrf);
        // A server that refuses by the length says so before anything is sent.
        if (body?.Length > 1_000_000) request.Headers.ExpectContinue = true;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var message = await client.SendAsync(request);
        return new Answered((int)message.StatusCode, message.Content.Headers.ContentType?.MediaType, await message.Content.ReadAsStringAsync(), message);
    }

    public void Dispose() => client.Dispose();
}
