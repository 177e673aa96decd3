// Globals with the SDKs' names that aren't SDKs: an HTTP library's class and a language code. The third is an element's id.
window.Client = class Client {
  static create() {
    return new Client();
  }
  get(url) {
    return fetch(url);
  }
};
window.SR = 'sr-Latn-RS';
