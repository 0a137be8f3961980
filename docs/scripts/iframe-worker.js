/* Browsers let a page that lies on a disk start no worker, and the search wants one: a hidden frame plays it.
   `IFrameWorker` is the name by which the search knows that it runs in such a frame. */
if (location.protocol === "file:") {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      this.inside = new Promise((found) => {
        frame.onload = () => found(frame.contentWindow)
      })
      frame.player = this
      frame.srcdoc =
        "<script>window.postMessage = (data) => frameElement.player.hear(data)</script>" + `<script src="${url}"></script>`
      document.body.append(frame)
    }

    hear(data) {
      this.dispatchEvent(new MessageEvent("message", { data }))
    }

    async postMessage(data) {
      const inside = await this.inside
      inside.dispatchEvent(new inside.MessageEvent("message", { data }))
    }
  }
}
