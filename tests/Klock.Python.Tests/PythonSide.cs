using System.Text.Json.Nodes;
using Python.Runtime;

namespace Klock.Python.Tests;

/// <summary>A KlockClient of the wheel.</summary>
internal sealed class PythonSide : ISide
{
    private readonly PyObject _module;
    private readonly PyObject _client;

    public PythonSide(PyObject module, string storage)
    {
        _module = module;
        using (Py.GIL())
        {
            _client = module.InvokeMethod("opened", new PyString(storage));
        }
    }

    public JsonNode? Ask(string verb, string arguments)
    {
        using (Py.GIL())
        {
            using PyObject answer = _module.InvokeMethod("ask", _client, new PyString(verb), new PyString(arguments));
            return JsonNode.Parse(answer.As<string>());
        }
    }

    public void Dispose()
    {
        using (Py.GIL())
        {
            _client.InvokeMethod("close").Dispose();
            _client.Dispose();
        }
    }
}
